/// Easy handles that wait for a request, by origin.
///
/// A list that ends with the origin used last, since there are few: a dictionary would hash each by its characters.
struct IdleHandles {
  private struct List {
    let origin: Substring
    var handles: [EasyHandle]
  }

  private var lists: [List] = []

  private func index(of origin: Substring) -> Int? {
    lists.lastIndex { $0.origin.utf8.count == origin.utf8.count && $0.origin == origin }
  }

  /// Whether a request to the origin has ended.
  func knows(_ origin: Substring) -> Bool { index(of: origin) != nil }

  /// Takes a handle whose last request had this method; nil when there is none.
  mutating func take(for origin: Substring, method: String) -> EasyHandle? {
    guard let list = index(of: origin),
      let handle = lists[list].handles.lastIndex(where: { $0.method == method })
    else { return nil }
    return lists[list].handles.remove(at: handle)
  }

  mutating func add(_ handle: EasyHandle, for origin: Substring) {
    guard let list = index(of: origin) else {
      return lists.append(List(origin: origin, handles: [handle]))
    }
    lists[list].handles.append(handle)
    if list < lists.count - 1 { lists.append(lists.remove(at: list)) }
  }

  mutating func removeAll() { lists.removeAll() }
}
