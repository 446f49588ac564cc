import CMalloc

/// The memory that the process holds.
enum Heap {
  /// The largest threshold that glibc accepts: half of its largest arena.
  private static let maximumThresholdBytes: Int32 = 32 << 20

  /// Keeps freed memory for the next invocation.
  ///
  /// By default glibc returns freed memory at the end of the heap to the system, and allocates each
  /// block of 128 KiB or more from the system. Each event of ten images then faults in 95 pages again
  /// (docs/benchmarks.md); images are apart (`BodyMemory`). The process never holds more than its
  /// peak, for which the function's memory is configured.
  ///
  /// Call it before other threads start. A refusal by glibc is harmless and ignored.
  static func keepFreedMemory() {
    _ = mallopt(M_TRIM_THRESHOLD, maximumThresholdBytes)
    _ = mallopt(M_MMAP_THRESHOLD, maximumThresholdBytes)
  }
}
