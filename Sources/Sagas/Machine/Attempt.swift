/// The number of an attempt, counted from 1; forward attempts and those of the undo are counted apart.
typealias Attempt = UInt16
