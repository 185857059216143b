/// Every rule, in the order in which ties are told: one line each.
public enum RuleBook {
    public static let all: [any Rule] = [
        // port
        PortHeldByEnrollmentRule(),
        PortHeldByStrayAgentRule(),
        PortHeldByForeignProcessRule(),
        PortHeldByLeftoverRule(),
        PortHeldBySocketUnitRule(),
        PortHolderHiddenRule(),
        // certificates
        CertMissingRule(),
        // configuration
        // unit
    ]

    /// Asked only when nothing else explains a failing service.
    public static let lastResort: any Rule = ExitCodeLoopRule()
}
