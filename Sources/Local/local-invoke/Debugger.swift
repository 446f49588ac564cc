import Foundation

/// `--wait-for-debugger`: how a person attaches to the stopped function.
struct Debugger {
  let identifier: pid_t

  /// The lines to type in another terminal; the breakpoint is where the function receives an event.
  ///
  /// gdb reads Swift's symbols as they are mangled, and reports the signal that stopped the process again.
  var instructions: String {
    let prefix = Self.needsPrivileges ? "sudo " : ""
    return """
      The function is stopped: process \(identifier). In another terminal, attach a debugger:
        \(prefix)gdb -p \(identifier) -ex 'handle SIGSTOP nostop nopass' -ex 'rbreak ClassifierC6handle_' -ex continue
        \(prefix)lldb -p \(identifier) -o 'breakpoint set --func-regex ImageClassifier.handle' -o continue
      To run it without one: kill -CONT \(identifier)
      """
  }

  /// Whether only root may attach to a process that it did not start: Ubuntu's default.
  /// Source: https://www.kernel.org/doc/Documentation/security/Yama.rst
  private static var needsPrivileges: Bool {
    guard geteuid() != 0,
      let scope = try? String(contentsOfFile: "/proc/sys/kernel/yama/ptrace_scope", encoding: .utf8)
    else { return false }
    return scope.trimmingCharacters(in: .whitespacesAndNewlines) != "0"
  }
}
