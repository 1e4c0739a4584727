#if os(Linux)
/// How many bytes an object of a class takes, without what the allocator adds.
///
/// The standard library has it, for its own tests.
@_silgen_name("$ss36_class_getInstancePositiveExtentSizeySiyXlXpF")
func instanceSize(_ type: AnyClass) -> Int
#endif
