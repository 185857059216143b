/// Every rule, in the order in which ties are told: one line each.
public enum RuleBook {
    public static let all: [any Rule] = [
        // port
        PortHeldByEnrollmentRule(),
        PortBlockedByTimeWaitRule(),
        PortHeldByStrayAgentRule(),
        PortHeldByForeignProcessRule(),
        PortHeldByLeftoverRule(),
        PortHeldBySocketUnitRule(),
        PortHolderHiddenRule(),
        PortBoundNotListeningRule(),
        PortUsedByClientRule(),
        PortNotReachableRule(),
        EnrollmentOrphanedRule(),
        // certificates
        CertMissingRule(),
        CertUnreadableRule(),
        CertUnparsableRule(),
        CertExpiredRule(),
        CertNotYetValidRule(),
        CertExpiringSoonRule(),
        CertKeyMismatchRule(),
        CertUntrustedRule(),
        CertRevokedRule(),
        CertWrongPurposeRule(),
        CertNameMismatchRule(),
        KeyExposedRule(),
        CRLMissingRule(),
        CRLExpiredRule(),
        CRLInvalidRule(),
        ServedCertStaleRule(),
        // configuration
        ConfigMissingRule(),
        ConfigUnreadableRule(),
        ConfigInvalidRule(),
        ListenAddressUnavailableRule(),
        PortPrivilegedRule(),
        // unit
        UnitMissingRule(),
        UnitMaskedRule(),
        ExecMissingRule(),
        ExecNotPermittedRule(),
        LibraryMissingRule(),
        UserMissingRule(),
        SandboxDeniedRule(),
        DependencyFailedRule(),
        KilledOutOfMemoryRule(),
        KilledBySignalRule(),
        WatchdogTimeoutRule(),
        ReadinessNeverSentRule(),
        StartTimeoutRule(),
        StartLimitHitRule(),
        StartLimitIneffectiveRule(),
        ServiceGaveUpCleanlyRule(),
        UnitDisabledRule(),
        UnitFileChangedRule(),
        BinaryStaleRule(),
        // enrollment
        EnrollmentPendingRule(),
        EnrollmentDeniedRule(),
        EnrollmentConflictRule(),
        EnrollmentExpiredRule(),
        ManagerUnreachableRule(),
        ManagerUntrustedRule(),
        BundleRefusedRule(),
        StateUnusableRule(),
        WhitelistExcludesManagerRule(),
        ProvisioningLeftHalfDoneRule(),
        // host
        DiskFullRule(),
        FilesystemReadOnlyRule(),
        ClockUnsynchronisedRule(),
        PackageHalfInstalledRule(),
        JournalIncompleteRule(),
        DescriptorLimitRule(),
        BootAtRiskRule(),
    ]

    /// Asked only when nothing else explains a failing service.
    public static let lastResort: any Rule = ExitCodeLoopRule()
}

extension RuleBook {
    /// What is said of a rule, by its id.
    public static func info(_ id: String) -> RuleInfo? {
        if id == lastResort.about.id { return lastResort.about }
        return all.first { $0.about.id == id }?.about
    }
}
