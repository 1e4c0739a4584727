/// What a walk has to have met, where the cells alone do not tell.
enum Situation: String, CaseIterable, Sendable {
  case crashWhileUndoingAtOnce, crashWhileClosingExpired, crashWhileUnwindingExpired, crashWhileStuckExpired
  case crashInAWave, crashAfterARetry
  case severalAtOnce, waveOfSeveral, leftOutOfTheOrder
  case lateResultQueuedBehind, lateResultAskedAbout, lateResultWhileStuck, lateUndoWhileQueued
  case expiredWhileClosing, expiredWithSomethingQueued, expiredAndCompensated
  case cutOff, heldForGood
  case heldBeforeItWasAdmitted, begunInTheMiddle, wentBack, wentAhead, repeated, repeatedTwice, wouldRepeat
  case branchNotTaken, reopenedAGroup, skippedWhatIsUnknown, undidWhatWasSkipped, lateResultOfWhatIsToCome
  case scopeEnded, scopeTakenUpAgain, scopeDoneWhileHeld, resumedWithWaits, recoveredWithWaits
  case passedThePivot, refusedBehindThePivot, overdueBehindThePivot, stuckBehindThePivot, pivotInTheWay
  case retriedBehindThePivot, skippedBehindThePivot, abandonedBehindThePivot, stoppedBehindThePivot
  case crashWhileStuckBehindThePivot, heldForGoodBehindThePivot, skippedWhileSuspended
  case retried, skippedOne, skippedTheLast, abandoned, stopped, deadline
}
