/// What PID 1 says of a unit, by MESSAGE_ID (sd-messages.h): ids do not change with wording or language.
enum MessageID {
    static let starting = "7d4958e842da4a758f6c1cdc7b36dcc5"
    static let started = "39f53479d3a045ac8e11786248231fbf"
    /// A start job ended badly; JOB_RESULT says how.
    static let startFailed = "be02cf6855d2428ba40df7e9d022f03d"
    /// A process of the unit ended: EXIT_CODE, EXIT_STATUS, COMMAND.
    static let processExit = "98e322203f7a4ed290d09fe03c09fe15"
    /// The unit failed: UNIT_RESULT.
    static let failed = "d9b373ed55a64feb8242e02dbe79a49c"
    /// The unit was deactivated without a failure.
    static let succeeded = "7ad2d189f7e94e70a38c781354912448"
    /// An automatic restart is scheduled: N_RESTARTS.
    static let restartScheduled = "5eb03494b6584870a536b337290809b3"
    /// A process could not be spawned; said by the child that was to become it.
    static let spawnFailed = "641257651c1b4ec9a8624d7a40a9e1e7"
    static let outOfMemory = "fe6faa94e7774663a0da52717891d8ef"
}
