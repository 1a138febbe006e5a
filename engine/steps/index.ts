import { branch } from './branch.ts'
import { call } from './call.ts'
import { callback } from './callback.ts'
import { collect } from './collect.ts'
import { hangUp } from './hang-up.ts'
import { hours } from './hours.ts'
import { menu } from './menu.ts'
import { message } from './message.ts'
import { note } from './note.ts'
import { outcome } from './outcome.ts'
import { queue } from './queue.ts'
import { record } from './record.ts'
import { request } from './request.ts'
import { return_ } from './return.ts'
import { say } from './say.ts'
import { set } from './set.ts'
import { split } from './split.ts'
import type { StepKind } from './step.ts'
import { survey } from './survey.ts'
import { transfer } from './transfer.ts'
import { voicemail } from './voicemail.ts'

/** The one list of step kinds, in the order in which they are shown. A new kind is a new file and a new name here. */
const all: unknown[] = [
  say, menu, collect, branch, set, request, hours, queue, transfer, voicemail, record, callback, survey, message, outcome,
  note, split, call, return_, hangUp,
]

export const stepKinds: ReadonlyMap<string, StepKind> = new Map((all as StepKind[]).map((kind) => [kind.kind, kind]))
