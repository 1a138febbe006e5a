import { readHotlines } from '../../engine/hotlines.ts'
import type { Asked } from '../../engine/call/effects.ts'
import type { BackendAnswer, BackendPort, Inbox } from '../../engine/ports.ts'
import { Station } from '../real/station.ts'
import { listenTo, type Conversation, type Turn } from './conversation.ts'

/** A Monday evening in Canberra: bookings are taken, the nurses have gone. */
export const evening = Date.parse('2026-11-23T18:00:00+11:00')

type Scene = { name: string; title: string; turns: Record<'en' | 'de', Turn[]> }

/** Conversations that together hear most of the vaccination hotline. */
export const scenes: Scene[] = [
  {
    name: 'booking', title: 'A new booking',
    turns: {
      en: [
        { hears: 'For English, press 1', presses: '1' },
        { hears: 'For a new booking', presses: '9' },
        { hears: 'That key is not on offer', presses: '1' },
        { hears: 'four digit postcode', presses: '2617' },
        { hears: 'Your postcode is', presses: '1' },
        { hears: 'The next free time', presses: '2' },
        { hears: 'After that, there is', presses: '1' },
        { hears: 'text message' },
        { hears: 'Your booking number is', presses: '2' },
        { hears: 'Goodbye' },
      ],
      de: [
        { hears: 'For English, press 1', presses: '2' },
        { hears: 'einen neuen Termin', presses: '9' },
        { hears: 'Diese Taste gibt es hier nicht', presses: '1' },
        { hears: 'vierstellige Postleitzahl', presses: '2617' },
        { hears: 'Ihre Postleitzahl ist', presses: '1' },
        { hears: 'Der nächste freie Termin', presses: '2' },
        { hears: 'Danach gibt es noch', presses: '1' },
        { hears: 'Textnachricht' },
        { hears: 'Ihre Buchungsnummer ist', presses: '2' },
        { hears: 'Auf Wiederhören' },
      ],
    },
  },
  {
    name: 'cancelling', title: 'A booking is cancelled',
    turns: {
      en: [
        { hears: 'For English, press 1', presses: '1' },
        { hears: 'For a new booking', presses: '2' },
        { hears: 'key in your booking number', presses: '471182#' },
        { hears: 'You are booked for', presses: '2' },
        { hears: 'given to somebody else', presses: '1' },
        { hears: 'is cancelled' },
        { hears: 'Goodbye' },
      ],
      de: [
        { hears: 'For English, press 1', presses: '2' },
        { hears: 'einen neuen Termin', presses: '2' },
        { hears: 'Ihre Buchungsnummer ein', presses: '471182#' },
        { hears: 'Ihr Termin ist am', presses: '2' },
        { hears: 'anderweitig vergeben', presses: '1' },
        { hears: 'ist abgesagt' },
        { hears: 'Auf Wiederhören' },
      ],
    },
  },
  {
    name: 'calling-back', title: 'The nurses have gone home, and one is to call back',
    turns: {
      en: [
        { hears: 'For English, press 1', presses: '1' },
        { hears: 'For a new booking', presses: '3' },
        { hears: 'from Monday to Friday' },
        { hears: 'We can call you back on', presses: '1' },
        { hears: 'We will call you back' },
        { hears: 'Goodbye' },
      ],
      de: [
        { hears: 'For English, press 1', presses: '2' },
        { hears: 'einen neuen Termin', presses: '3' },
        { hears: 'von Montag bis Freitag' },
        { hears: 'Wir können Sie unter', presses: '1' },
        { hears: 'Wir rufen Sie zurück' },
        { hears: 'Auf Wiederhören' },
      ],
    },
  },
]

/** The clinic, with the same free times and numbers at every call. */
const clinic: BackendPort = {
  async request({ url }: Asked): Promise<BackendAnswer> {
    if (url.includes('/slots')) return { how: 'ok', data: { free: [{ id: 1, at: '2026-11-24T09:30' }, { id: 2, at: '2026-12-03T15:05' }] } }
    if (url.includes('/bookings')) return { how: 'ok', data: { status: 'booked', number: '471182' } }
    if (url.includes('/find')) return { how: 'ok', data: { at: '2027-01-21T11:00' } }
    return { how: 'ok', data: {} }
  },
}

const inbox: Inbox = { keep: async () => {} }

/** An Asterisk with the vaccination hotline. */
export async function vaccinationStation(): Promise<Station> {
  const flows = readHotlines('flows/vaccination', { CLINIC_URL: 'https://clinic.example' }).flatMap(({ compiled }) => compiled ?? [])
  const station = await Station.open({
    flows, startAt: evening, inbox, backends: () => clinic,
  })
  if ('none' in station) throw new Error(station.none)
  return station
}

/** One of the conversations, in one language. */
export const heard = (station: Station, scene: Scene, language: 'en' | 'de'): Promise<Conversation> => {
  const number = 100 + 2 * scenes.indexOf(scene) + (language === 'en' ? 0 : 1)
  return listenTo(station, { number: '100', from: `+61255501${number}` }, scene.turns[language])
}
