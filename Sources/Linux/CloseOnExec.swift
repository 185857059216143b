import CLinux

/// Keeps a descriptor from the programs that this one starts (FD_CLOEXEC, fcntl(2)); for those that a library opened
/// without it. A child that inherits a listening socket holds its port after its parent is gone.
public func closeOnExec(_ descriptor: Int32) throws(SystemError) {
    guard cl_close_on_exec(descriptor) == 0 else { throw SystemError("set FD_CLOEXEC of", "descriptor \(descriptor)") }
}
