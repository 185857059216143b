/// Every remedy: one line each. A finding that none of them answers is left to a person.
enum RemedyBook {
    static let all: [any Remedy] = [
        EndProcessRemedy(),
        CorrectStartLimitRemedy(),
        ReloadUnitFilesRemedy(),
        RepairAccessRemedy(),
        MakeDirectoryRemedy(),
        WakeServiceRemedy(),
        RestartServiceRemedy(),
        RenewCertificateRemedy(),
        ForeignHolderRemedy(),
    ]

    static func remedy(for finding: String) -> (any Remedy)? {
        all.first { $0.findings.contains(finding) }
    }

    /// Findings that keep no service from coming up: a plan may leave them alone.
    static let bystanders: Set<String> = [
        "journal-incomplete", "clock-unsynchronised", "boot-at-risk", "descriptor-limit", "unit-disabled",
        "cert-name-mismatch", "cert-expiring-soon", "crl-missing", "crl-expired", "package-half-installed",
        "start-limit-ineffective", "unit-file-changed", "enrollment-pending",
    ]
}
