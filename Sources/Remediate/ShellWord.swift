import Values

/// A word as sh(1) takes it for one word and nothing more; for showing, nothing here is ever run by a shell.
func shellWord(_ word: String) -> String {
    let word = word.harmless(limit: 4096)
    let isPlain =
        !word.isEmpty
        && word.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || ":-_.@/+=%".utf8.contains(byte)
        }
    if isPlain { return word }
    var quoted = "'"
    for character in word { quoted += character == "'" ? #"'\''"# : String(character) }
    return quoted + "'"
}
