#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// How much memory this process uses.
struct MemoryMeter {
  /// Who says so.
  let source: String
  /// Bytes that are allocated and not freed.
  let inUse: () -> Int

  /// By the allocator's own account, where it gives one; otherwise by what is resident.
  init() {
    #if canImport(Darwin)
    source = "statistics of the malloc zones"
    inUse = {
      var statistics = malloc_statistics_t()
      malloc_zone_statistics(nil, &statistics)
      return Int(statistics.size_in_use)
    }
    #else
    if let allocated = Self.allocated() {
      source = "malloc_info"
      inUse = { Self.allocated() ?? allocated }
    } else {
      source = "/proc/self/statm"
      inUse = Self.resident
    }
    #endif
  }

  #if !canImport(Darwin)
  /// What is resident in memory, whether it is in use or kept for later.
  static func resident() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    guard fgets(&line, Int32(line.count), file) != nil else { return 0 }
    let fields = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      .split(separator: " ")
    return (fields.count > 1 ? Int(fields[1]) ?? 0 : 0) * Int(getpagesize())
  }

  /// What the allocator of glibc has handed out; `nil` where there is another one.
  static func allocated() -> Int? {
    // Looked up by name: the module of the C library leaves out the header it stands in.
    typealias MallocInfo = @convention(c) (CInt, UnsafeMutablePointer<FILE>) -> CInt
    guard let symbol = dlsym(nil, "malloc_info") else { return nil }
    let info = unsafeBitCast(symbol, to: MallocInfo.self)
    var buffer: UnsafeMutablePointer<CChar>?
    var size = 0
    guard let file = open_memstream(&buffer, &size) else { return nil }
    let status = info(0, file)
    fclose(file)
    defer { free(buffer) }
    guard status == 0, let buffer else { return nil }
    return MallocInfoText(String(cString: buffer)).inUse
  }
  #else
  /// What is resident in memory, whether it is in use or kept for later.
  static func resident() -> Int {
    var info = mach_task_basic_info()
    var count = mach_msg_type_number_t(
      MemoryLayout<mach_task_basic_info>.size / MemoryLayout<natural_t>.size)
    let status = withUnsafeMutablePointer(to: &info) { pointer in
      pointer.withMemoryRebound(to: integer_t.self, capacity: Int(count)) {
        task_info(mach_task_self_, task_flavor_t(MACH_TASK_BASIC_INFO), $0, &count)
      }
    }
    return status == KERN_SUCCESS ? Int(info.resident_size) : 0
  }
  #endif
}
