/// One sign that the host has to be booted again, with what was seen: a person can check it by hand.
public struct RebootReason: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable {
        /// A package left its mark: /run/reboot-required, /boot/.reboot-required.
        case flagFile = "flag_file"
        /// A newer kernel is installed than the one that runs.
        case newerKernel = "newer_kernel"
        /// Processes still have files mapped that were replaced on the disk.
        case replacedFiles = "replaced_files"
    }

    /// How sure it is that only a new boot cures it.
    public enum Confidence: String, Hashable, Sendable { case certain, probable, possible }

    public var kind: Kind
    public var confidence: Confidence
    /// One sentence, with names and numbers.
    public var words: String

    public init(_ kind: Kind, _ confidence: Confidence, _ words: String) {
        self.kind = kind
        self.confidence = confidence
        self.words = words
    }
}
