/// Which settings systemd reads in which section of a service's unit file.
///
/// The lists are what `systemd --dump-configuration-items` of systemd 252 prints; settings that came later are kept
/// apart with the version that brought them (systemd's NEWS).
enum UnitSettings {
    enum Verdict: Equatable {
        case read
        /// Nobody reads it there; where it would be read, and since which version of systemd, where that is known.
        case ignored(belongsIn: String?, since: Int?)
    }

    /// `version` is that of the host's systemd, nil where unknown: then only what no version reads is called ignored.
    static func judge(_ key: String, in section: String, version: Int?) -> Verdict {
        if key.hasPrefix("X-") || section.hasPrefix("X-") { return .read }
        if known[section]?.contains(key) == true { return .read }
        if let newer = later[key], newer.section == section {
            guard let version, version < newer.since else { return .read }
            return .ignored(belongsIn: section, since: newer.since)
        }
        let elsewhere =
            ["Unit", "Service", "Install"].first { known[$0]?.contains(key) == true }
            ?? later[key]?.section
        if known[section] != nil, elsewhere == nil {
            // A key that 252 does not know at all may be news to us rather than to the host's systemd.
            return version.map { $0 <= 252 } == true ? .ignored(belongsIn: nil, since: nil) : .read
        }
        return .ignored(belongsIn: elsewhere, since: later[key]?.since)
    }

    private static let later: [String: (section: String, since: Int)] = [
        "ReloadSignal": ("Service", 253), "OpenFile": ("Service", 253), "LogFilterPatterns": ("Service", 253),
        "RestartSteps": ("Service", 254), "RestartMaxDelaySec": ("Service", 254), "RestartMode": ("Service", 254),
        "FileDescriptorStorePreserve": ("Service", 254), "ImportCredential": ("Service", 254),
        "DelegateSubgroup": ("Service", 254), "RootEphemeral": ("Service", 254), "MemoryKSM": ("Service", 254),
        "MemoryPressureWatch": ("Service", 254), "SetLoginEnvironment": ("Service", 255),
        "CoredumpReceive": ("Service", 255), "SurviveFinalKillSignal": ("Unit", 255), "WantsMountsFor": ("Unit", 256),
    ]

    private static let known: [String: Set<String>] = [
        "Unit": words(unit), "Service": words(service), "Install": words(install),
    ]

    private static func words(_ text: String) -> Set<String> {
        Set(text.split { $0 == " " || $0 == "\n" }.map(String.init))
    }

    private static let unit = """
        Description Documentation SourcePath Requires Requisite Wants BindsTo BindTo Upholds Conflicts Before After
        OnSuccess OnFailure PropagatesReloadTo PropagateReloadTo ReloadPropagatedFrom PropagateReloadFrom
        PropagatesStopTo StopPropagatedFrom PartOf JoinsNamespaceOf RequiresOverridable RequisiteOverridable
        RequiresMountsFor StopWhenUnneeded RefuseManualStart RefuseManualStop AllowIsolate DefaultDependencies
        OnSuccessJobMode OnFailureJobMode OnFailureIsolate IgnoreOnIsolate JobTimeoutSec JobRunningTimeoutSec
        JobTimeoutAction JobTimeoutRebootArgument StartLimitIntervalSec StartLimitInterval StartLimitBurst
        StartLimitAction FailureAction SuccessAction FailureActionExitStatus SuccessActionExitStatus RebootArgument
        ConditionPathExists ConditionPathExistsGlob ConditionPathIsDirectory ConditionPathIsSymbolicLink
        ConditionPathIsMountPoint ConditionPathIsReadWrite ConditionPathIsEncrypted ConditionDirectoryNotEmpty
        ConditionFileNotEmpty ConditionFileIsExecutable ConditionNeedsUpdate ConditionFirstBoot
        ConditionArchitecture ConditionFirmware ConditionVirtualization ConditionHost ConditionKernelCommandLine
        ConditionKernelVersion ConditionCredential ConditionSecurity ConditionCapability ConditionACPower
        ConditionMemory ConditionCPUFeature ConditionCPUs ConditionEnvironment ConditionUser ConditionGroup
        ConditionControlGroupController ConditionOSRelease ConditionMemoryPressure ConditionCPUPressure
        ConditionIOPressure AssertPathExists AssertPathExistsGlob AssertPathIsDirectory AssertPathIsSymbolicLink
        AssertPathIsMountPoint AssertPathIsReadWrite AssertPathIsEncrypted AssertDirectoryNotEmpty
        AssertFileNotEmpty AssertFileIsExecutable AssertNeedsUpdate AssertFirstBoot AssertArchitecture
        AssertVirtualization AssertHost AssertKernelCommandLine AssertKernelVersion AssertCredential AssertSecurity
        AssertCapability AssertACPower AssertMemory AssertCPUFeature AssertCPUs AssertEnvironment AssertUser
        AssertGroup AssertControlGroupController AssertOSRelease AssertMemoryPressure AssertCPUPressure
        AssertIOPressure CollectMode
        """

    private static let service = """
        PIDFile ExecCondition ExecStartPre ExecStart ExecStartPost ExecReload ExecStop ExecStopPost RestartSec
        TimeoutSec TimeoutStartSec TimeoutStopSec TimeoutAbortSec TimeoutStartFailureMode TimeoutStopFailureMode
        RuntimeMaxSec RuntimeRandomizedExtraSec WatchdogSec StartLimitInterval StartLimitBurst StartLimitAction
        FailureAction RebootArgument Type ExitType Restart PermissionsStartOnly RootDirectoryStartOnly
        RemainAfterExit GuessMainPID RestartPreventExitStatus RestartForceExitStatus SuccessExitStatus NonBlocking
        BusName FileDescriptorStoreMax NotifyAccess Sockets USBFunctionDescriptors USBFunctionStrings OOMPolicy
        WorkingDirectory RootDirectory RootImage RootImageOptions RootHash RootHashSignature RootVerity
        ExtensionDirectories ExtensionImages MountImages User Group SupplementaryGroups Nice OOMScoreAdjust
        CoredumpFilter IOSchedulingClass IOSchedulingPriority CPUSchedulingPolicy CPUSchedulingPriority
        CPUSchedulingResetOnFork CPUAffinity NUMAPolicy NUMAMask UMask Environment EnvironmentFile PassEnvironment
        UnsetEnvironment DynamicUser RemoveIPC StandardInput StandardOutput StandardError StandardInputText
        StandardInputData TTYPath TTYReset TTYVHangup TTYVTDisallocate TTYRows TTYColumns SyslogIdentifier
        SyslogFacility SyslogLevel SyslogLevelPrefix LogLevelMax LogRateLimitIntervalSec LogRateLimitBurst
        LogExtraFields SecureBits CapabilityBoundingSet AmbientCapabilities TimerSlackNSec NoNewPrivileges
        KeyringMode ProtectProc ProcSubset SystemCallFilter SystemCallArchitectures SystemCallErrorNumber
        SystemCallLog MemoryDenyWriteExecute RestrictNamespaces RestrictRealtime RestrictSUIDSGID
        RestrictAddressFamilies LockPersonality RestrictFileSystems LimitCPU LimitFSIZE LimitDATA LimitSTACK
        LimitCORE LimitRSS LimitNOFILE LimitAS LimitNPROC LimitMEMLOCK LimitLOCKS LimitSIGPENDING LimitMSGQUEUE
        LimitNICE LimitRTPRIO LimitRTTIME ReadWriteDirectories ReadOnlyDirectories InaccessibleDirectories
        ReadWritePaths ReadOnlyPaths InaccessiblePaths ExecPaths NoExecPaths ExecSearchPath BindPaths
        BindReadOnlyPaths TemporaryFileSystem PrivateTmp PrivateDevices ProtectKernelTunables ProtectKernelModules
        ProtectKernelLogs ProtectClock ProtectControlGroups NetworkNamespacePath IPCNamespacePath LogNamespace
        PrivateNetwork PrivateUsers PrivateMounts PrivateIPC ProtectSystem ProtectHome MountFlags MountAPIVFS
        Personality RuntimeDirectoryPreserve RuntimeDirectoryMode RuntimeDirectory StateDirectoryMode StateDirectory
        CacheDirectoryMode CacheDirectory LogsDirectoryMode LogsDirectory ConfigurationDirectoryMode
        ConfigurationDirectory SetCredential SetCredentialEncrypted LoadCredential LoadCredentialEncrypted
        TimeoutCleanSec PAMName IgnoreSIGPIPE UtmpIdentifier UtmpMode SELinuxContext AppArmorProfile
        SmackProcessLabel ProtectHostname Slice AllowedCPUs StartupAllowedCPUs AllowedMemoryNodes
        StartupAllowedMemoryNodes CPUAccounting CPUWeight StartupCPUWeight CPUShares StartupCPUShares CPUQuota
        CPUQuotaPeriodSec MemoryAccounting MemoryMin DefaultMemoryMin DefaultMemoryLow MemoryLow MemoryHigh
        MemoryMax MemorySwapMax MemoryLimit DeviceAllow DevicePolicy IOAccounting IOWeight StartupIOWeight
        IODeviceWeight IOReadBandwidthMax IOWriteBandwidthMax IOReadIOPSMax IOWriteIOPSMax IODeviceLatencyTargetSec
        BlockIOAccounting BlockIOWeight StartupBlockIOWeight BlockIODeviceWeight BlockIOReadBandwidth
        BlockIOWriteBandwidth TasksAccounting TasksMax Delegate DisableControllers IPAccounting IPAddressAllow
        IPAddressDeny IPIngressFilterPath IPEgressFilterPath ManagedOOMSwap ManagedOOMMemoryPressure
        ManagedOOMMemoryPressureLimit ManagedOOMPreference BPFProgram SocketBindAllow SocketBindDeny
        RestrictNetworkInterfaces SendSIGKILL SendSIGHUP KillMode KillSignal RestartKillSignal FinalKillSignal
        WatchdogSignal
        """

    private static let install = """
        Alias WantedBy RequiredBy Also DefaultInstance
        """
}
