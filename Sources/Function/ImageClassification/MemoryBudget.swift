import Glibc
import Platform

/// How many bytes of images may be in memory at the same time, so that the process never exceeds what the
/// function has: Lambda kills it then without a report.
struct MemoryBudget: Equatable {
  /// For the program itself, an event of 6 MiB in its several forms, and the answer.
  private static let baseBytes = 40 << 20
  /// A limit of the address space also counts what is mapped and never touched.
  private static let addressSpaceBaseBytes = 128 << 20
  /// Transfer buffers beside the image itself.
  private static let overheadBytes = 512 << 10

  /// What the process may use; nil when nothing limits it.
  private let memoryBytes: Int?
  private let baseBytes: Int
  /// Invocations that are processed at the same time (`AWS_LAMBDA_MAX_CONCURRENCY`).
  let loops: Int
  /// What images may use, with their overhead.
  let imageBytes: Int
  /// What a byte of an image takes while it is in flight, in thirds of a byte: 3, or 7 where it is sent in
  /// base64 beside itself.
  private let thirdsPerByte: Int

  /// The smaller of `AWS_LAMBDA_FUNCTION_MEMORY_SIZE` and the address space's limit (`ulimit -v`), divided
  /// among the invocations that Managed Instances runs at the same time.
  ///
  /// - Throws: `ConfigurationError` for a variable that is not a number.
  init(environment: Environment, sendsBase64: Bool) throws(ConfigurationError) {
    let megabytes = try environment.integer("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", in: 1...1_048_576)
    let addressSpaceBytes = Self.addressSpaceBytes
    let loops = try environment.integer("AWS_LAMBDA_MAX_CONCURRENCY", in: 1...1_000) ?? 1
    self.init(
      memoryBytes: megabytes.map { $0 << 20 }, addressSpaceBytes: addressSpaceBytes,
      loops: loops, sendsBase64: sendsBase64)
  }

  init(memoryBytes: Int?, addressSpaceBytes: Int?, loops: Int, sendsBase64: Bool = false) {
    self.loops = loops
    thirdsPerByte = sendsBase64 ? 7 : 3
    let memoryRoom = memoryBytes.map { $0 - Self.baseBytes } ?? .max
    let addressRoom = addressSpaceBytes.map { $0 - Self.addressSpaceBaseBytes } ?? .max
    let isMemory = memoryRoom <= addressRoom
    self.memoryBytes = isMemory ? memoryBytes : addressSpaceBytes
    baseBytes = isMemory ? Self.baseBytes : Self.addressSpaceBaseBytes
    let room = min(memoryRoom, addressRoom)
    // A quarter is left to what the allocator cannot reuse at once.
    imageBytes = room == .max ? .max : max(0, room) / 4 * 3 / loops
  }

  private static var addressSpaceBytes: Int? {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else { return nil }
    return limit.rlim_cur > UInt64(Int32.max) << 16 ? nil : Int(limit.rlim_cur)
  }

  /// What an image of this size takes.
  func cost(ofImageBytes bytes: Int) -> Int {
    min(bytes, .max / 8) / 3 * thirdsPerByte + Self.overheadBytes
  }

  /// The largest image that fits alone.
  var maximumImageBytes: Int { max(0, imageBytes - Self.overheadBytes) / thirdsPerByte * 3 }

  /// Why an image cannot be classified in this memory; nil when it can.
  func problem(withImageBytes bytes: Int) -> String? {
    guard bytes > maximumImageBytes, let memoryBytes else { return nil }
    return
      "the image is \(bytes) bytes, which needs \(neededMegabytes(1, bytes)) MB of memory; the function has "
      + "\(memoryBytes >> 20) MB. Increase the function's memory size"
  }

  /// One line for the start when `maximumParallel` images of the largest size do not fit; nil when they do.
  func warning(maximumParallel: Int, maximumImageBytes: Int) -> String? {
    let count = imageBytes / cost(ofImageBytes: maximumImageBytes)
    guard count < maximumParallel, let memoryBytes else { return nil }
    return "MAX_PARALLEL=\(maximumParallel) will not be reached with images of MAX_IMAGE_BYTES="
      + "\(maximumImageBytes): \(memoryBytes >> 20) MB of memory hold \(count) at a time, "
      + "\(maximumParallel) need \(neededMegabytes(maximumParallel, maximumImageBytes)) MB"
  }

  private func neededMegabytes(_ count: Int, _ bytes: Int) -> Int {
    // In doubles, since the size is what somebody says.
    let images = Double(cost(ofImageBytes: bytes)) * Double(count) * 4 / 3
    return Int((images + Double(baseBytes)) / Double(1 << 20)) + 1
  }
}
