import CLibcrypto

/// OpenSSL's default provider, which answers queries with the algorithms of `Algorithms` only. The algorithms
/// themselves are OpenSSL's.
@safe enum ReducedProvider {
  typealias Query =
    @convention(c) (UnsafeMutableRawPointer?, Int32, UnsafeMutablePointer<Int32>?) ->
    UnsafePointer<OSSL_ALGORITHM>?

  // Written before the provider is loaded, under OpenSSL's lock, or by the lazy initializer of `isReduced`; then
  // only read.
  nonisolated(unsafe) static var initializeAll: clibcrypto_provider_init?
  nonisolated(unsafe) private static var queryAll: Query?
  /// By operation; nil until `initialize`, and for operations that are answered in full.
  nonisolated(unsafe) private static var kept: [UnsafePointer<OSSL_ALGORITHM>?] = unsafe []

  static let initialize: clibcrypto_provider_init = { core, functions, table, context in
    var all: UnsafePointer<OSSL_DISPATCH>?
    guard let initializeAll = unsafe initializeAll,
      unsafe initializeAll(core, functions, &all, context) == 1, let all = unsafe all
    else { return 0 }
    var count = 0
    while unsafe all[count].function_id != 0 { count += 1 }
    // For the life of the process, as the provider.
    let own = UnsafeMutablePointer<OSSL_DISPATCH>.allocate(capacity: count + 1)
    unsafe own.initialize(from: all, count: count + 1)
    for index in 0..<count where unsafe own[index].function_id == OSSL_FUNC_PROVIDER_QUERY_OPERATION
    {
      unsafe queryAll = unsafeBitCast(own[index].function, to: Query?.self)
      unsafe own[index].function = unsafeBitCast(query, to: (@convention(c) () -> Void)?.self)
    }
    guard let queryAll = unsafe queryAll else { return 0 }
    unsafe kept = (0...OSSL_OP__HIGHEST).map { operation in
      var isUncached: Int32 = 0
      guard let offered = unsafe queryAll(context?.pointee, operation, &isUncached) else {
        return nil
      }
      return unsafe Algorithms.needed(among: offered, of: operation)
    }
    unsafe table?.pointee = UnsafePointer(own)
    return 1
  }

  private static let query: Query = { context, operation, isUncached in
    let all = unsafe queryAll?(context, operation, isUncached)
    let index = Int(operation)
    guard unsafe kept.indices.contains(index) else { return unsafe all }
    return unsafe kept[index] ?? all
  }
}
