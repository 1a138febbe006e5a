/**
 * What a call comes to when no step has noted an outcome: an agent talked with the caller, another number did, the
 * caller hung up before that, the flow ended the call, or the line did.
 */
export const ownOutcomes: readonly string[] = ['answered', 'transferred', 'gave-up', 'finished', 'failed']
