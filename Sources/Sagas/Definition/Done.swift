/// What is journaled where there is nothing to say: the result of a step whose action returns nothing.
struct Done: Codable, Hashable, Sendable {}
