import CLibcurl
import Glibc

// What libcurl calls, with the easy handle's object as the context.

private func handle(_ context: UnsafeMutableRawPointer?) -> EasyHandle? {
  unsafe context.map { unsafe Unmanaged<EasyHandle>.fromOpaque($0).takeUnretainedValue() }
}

let beforeSending: curl_prereq_callback = { context, _, _, _, _ in
  let mayBeSent = unsafe handle(context)?.mayBeSent() ?? false
  return mayBeSent ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
}

let prepareTLS: curl_ssl_ctx_callback = { _, context, data in
  guard let context = unsafe context.map({ OpaquePointer($0) }) else { return CURLE_OK }
  // A body without a length ends with its connection: a cut must not pass for the end.
  unsafe TLSClosure.observe(context)
  unsafe handle(data)?.certificates?.use(in: context)
  return CURLE_OK
}

/// A socket without these options is as good as before: a refusal is not an error.
let limitSilenceOfSocket: curl_sockopt_callback = { context, socket, _ in
  guard let silence = unsafe handle(context)?.silenceMilliseconds else { return CURL_SOCKOPT_OK }
  let tcp = Int32(IPPROTO_TCP)
  let options: [(level: Int32, name: Int32, value: Int32)] = [
    (tcp, TCP_USER_TIMEOUT, silence), (SOL_SOCKET, SO_KEEPALIVE, 1),
    (tcp, TCP_KEEPIDLE, 15), (tcp, TCP_KEEPINTVL, 5),
  ]
  for (level, name, value) in options {
    var value = value
    _ = unsafe setsockopt(socket, level, name, &value, socklen_t(MemoryLayout<Int32>.size))
  }
  return CURL_SOCKOPT_OK
}

/// Anything but the number of bytes given makes libcurl stop the transfer.
let receiveHeader: clibcurl_data_callback = { data, size, count, context in
  let line = unsafe UnsafeRawBufferPointer(start: data, count: size * count)
  let accepted = unsafe handle(context)?.take(headerLine: line) ?? false
  return accepted ? line.count : 0
}

let receiveBody: clibcurl_data_callback = { data, size, count, context in
  let bytes = unsafe UnsafeRawBufferPointer(start: data, count: size * count)
  let accepted = unsafe handle(context)?.transfer?.receiveBody(bytes) ?? false
  return accepted ? bytes.count : 0
}

let placeBody: clibcurl_place_callback = { count, context in
  unsafe handle(context)?.transfer?.place(forBytes: count)?.assumingMemoryBound(to: CChar.self)
}

let sendBody: clibcurl_data_callback = { data, size, count, context in
  let buffer = unsafe UnsafeMutableRawBufferPointer(start: data, count: size * count)
  return unsafe handle(context)?.transfer?.sendBody(into: buffer) ?? Int(CURL_READFUNC_ABORT)
}

let seekBody: clibcurl_seek_callback = { context, offset, origin in
  guard origin == SEEK_SET else { return CURL_SEEKFUNC_CANTSEEK }
  let done = unsafe handle(context)?.transfer?.seek(to: Int(offset)) ?? false
  return done ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL
}
