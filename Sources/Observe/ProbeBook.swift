/// Every probe: one line each. Order inside a stage does not matter; stages follow `Volatility`.
public enum ProbeBook {
    public static let all: [any Probe] = [
        UnitProbe(),
        SocketUnitProbe(),
        ClockProbe(),
        UnitFilesProbe(),
        ProgramProbe(),
        HostProbe(),
        DiskProbe(),
        PackageProbe(),
        PortProbe(),
        ProcessProbe(),
        ConfigurationProbe(),
        CertificatesProbe(),
        ServedCertificateProbe(),
        EnrollmentProbe(),
        JournalProbe(),
        DescriptorsProbe(),
        WhitelistProbe(),
        BootProbe(),
    ]
}
