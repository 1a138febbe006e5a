import { branch } from './branch.ts'
import { collect } from './collect.ts'
import { hangUp } from './hang-up.ts'
import { hours } from './hours.ts'
import { menu } from './menu.ts'
import { note } from './note.ts'
import { outcome } from './outcome.ts'
import { queue } from './queue.ts'
import { request } from './request.ts'
import { say } from './say.ts'
import { set } from './set.ts'
import { split } from './split.ts'
import type { StepKind } from './step.ts'
import { transfer } from './transfer.ts'

/** The one list of step kinds. A new kind is a new file and a new name here. */
export const stepKinds: ReadonlyMap<string, StepKind> = new Map(
  ([say, menu, collect, branch, split, set, request, hours, queue, transfer, outcome, note, hangUp] as unknown as StepKind[]).map((kind) => [
    kind.kind,
    kind,
  ]),
)
