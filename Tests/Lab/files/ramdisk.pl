#!/usr/bin/perl
# ramdisk.pl NAME...: a cpio archive in the form of initial ramdisks (newc), with a small file of each name.
use strict;
my $number = 1;
sub entry {
    my ($name, $content, $mode) = @_;
    my @fields = ($number++, $mode, 0, 0, 1, 0, length $content, 0, 0, 0, 0, length($name) + 1, 0);
    my $head = "070701" . join("", map { sprintf "%08X", $_ } @fields) . "$name\0";
    $head .= "\0" x (-length($head) % 4);
    print $head, $content, "\0" x (-length($content) % 4);
}
entry($_, "content of $_\n" x 40, 0100644) for @ARGV;
entry("TRAILER!!!", "", 0);
