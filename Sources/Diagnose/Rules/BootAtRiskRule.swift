import Evidence
import Values

/// The newest kernel can't boot: its initial ramdisk is missing, or holds no modules.
struct BootAtRiskRule: Rule {
    let about = RuleInfo(
        "boot-at-risk", .host,
        title: "The next boot may fail",
        meaning: """
            The newest kernel in /boot, which boots next, has no initial ramdisk (initramfs), or one without a single \
            kernel module: the kernel would not find its root file system. An update leaves this behind that was \
            interrupted, found /boot full, or ran in a sandbox that hides /usr/lib/modules. The running system notices \
            nothing of it.
            """,
        clearedBy: "The newest kernel's initial ramdisk holds modules, or this host boots without one.")

    func judge(_ host: Snapshot) throws(Absence) -> Verdict {
        let fact = try host.boot.required
        guard let newest = fact.kernels.first else { return .notApplicable }
        let cited = facts(newest, fact, host)
        guard newest.image.size > 0 else {
            return accuse(newest, "\(newest.image.path), the newest kernel, is empty", fact, cited)
        }
        guard newest.ramdisk.exists else { return try missing(newest, fact, cited, host) }
        guard newest.ramdisk.size > 0 else {
            return accuse(newest, "\(newest.ramdisk.path), the newest kernel's initial ramdisk, is empty", fact, cited)
        }
        if newest.hasModules == false { return .pass("the newest kernel has no modules that could be needed", cited) }
        guard try !newest.ramdiskHasModules.required else {
            return .pass("the newest kernel's initial ramdisk holds modules", cited)
        }
        return accuse(
            newest, "\(newest.ramdisk.path), the newest kernel's initial ramdisk, holds no kernel module", fact, cited)
    }

    /// A kernel without a ramdisk is a fault where others have one; some hosts boot without any.
    private func missing(
        _ newest: BootKernel, _ fact: BootFact, _ cited: [Fact], _ host: Snapshot
    ) throws(Absence) -> Verdict {
        let words = "The newest kernel, \(newest.version), has no initial ramdisk"
        if fact.generator != nil || fact.kernels.contains(where: \.ramdisk.exists) {
            return accuse(newest, words, fact, cited)
        }
        let running = try host.host.required.kernel
        if fact.kernels.contains(where: { $0.version == running }) {
            return .pass("this host boots without initial ramdisks, as the running kernel did", cited)
        }
        let doubt = Absence(
            "whether this host boots without", .notAvailable, why: "no kernel here has one, nor is the running one here"
        )
        return accuse(newest, words, fact, cited, doubt)
    }

    private func accuse(
        _ kernel: BootKernel, _ words: String, _ fact: BootFact, _ cited: [Fact], _ doubt: Absence? = nil
    ) -> Verdict {
        var missing = doubt.map { [$0] } ?? []
        if let choice = fact.loaderChoice {
            missing.append(
                Absence("the kernel that boots next", .notLookedFor, why: "GRUB_DEFAULT=\(choice.harmless(limit: 64))"))
        }
        return .fail([
            Fault(
                "kernel \(kernel.version)", words + ".", .threatens,
                confidence: missing.isEmpty ? .conclusive : .probable, facts: cited, missing: missing)
        ])
    }

    private func facts(_ newest: BootKernel, _ fact: BootFact, _ host: Snapshot) -> [Fact] {
        let ramdisk = newest.ramdisk.exists ? Bytes(newest.ramdisk.size).readable : "does not exist"
        let others = fact.kernels.dropFirst().prefix(4).map { kernel in
            "\(kernel.version) (\(kernel.ramdisk.exists ? Bytes(kernel.ramdisk.size).readable : "no ramdisk"))"
        }
        let rest = others.isEmpty ? "no other kernel" : "older: " + others.joined(separator: ", ")
        let running = host.host.known.map { ", running: \($0.kernel)" } ?? ""
        return [
            host.boot.fact("\(newest.ramdisk.path): \(ramdisk)"),
            host.boot.fact(
                "/lib/modules/\(newest.version): "
                    + (newest.hasModules.map { $0 ? "holds modules" : "holds none" } ?? "not seen")),
            host.boot.fact(rest + running),
        ]
    }
}
