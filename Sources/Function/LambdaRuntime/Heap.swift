import CMalloc

/// The memory that the process has asked of the system.
enum Heap {
  /// The largest threshold that glibc takes (half of its largest arena), in bytes.
  private static let maximumThresholdBytes: Int32 = 32 << 20

  /// Keeps what is freed for the next invocation.
  ///
  /// glibc gives freed memory at the heap's end back to the system, and asks the system for every
  /// block from 128 KiB on: each invocation then pays again for the pages of its image, 80 µs for 100 KB
  /// (docs/benchmarks.md). The process never holds more than it held at its peak, which is what a function's
  /// memory is set for.
  ///
  /// To be called before other threads are started. That glibc refuses is no harm, and not reported.
  static func keepFreedMemory() {
    _ = mallopt(M_TRIM_THRESHOLD, maximumThresholdBytes)
    _ = mallopt(M_MMAP_THRESHOLD, maximumThresholdBytes)
  }
}
