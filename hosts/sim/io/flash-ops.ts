/** Operations of the log's flash partition over the wall between firmware and board; 70 to 79 are theirs. */
export const enum FlashOp {
  Size = 70, //        () → bytes in all, 0: there is no such partition
  BlockLength = 71, // () → bytes that are erased together
  EraseBlock = 72, //  (block) → 0, or 1: failed
  Read = 73, //        bytes: a = offset, view to fill → 0, or 1: failed
  Write = 74, //       bytes: a = offset, view = what to write → 0, or 1: failed
}
