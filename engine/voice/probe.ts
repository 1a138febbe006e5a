import { wavOf } from '../sound/wav.ts'

/** 20 ms of silence that no caller hears: with it Asterisk is asked whether it can play a sound of ours. */
export const probe = { id: '0'.repeat(32), bytes: wavOf(new Int16Array(160)) }
