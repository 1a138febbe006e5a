/** Days that have a name together, in English and in German. */
const names = [
  { called: /^(week|working|work|business)[ _-]?days?$|^(werk|wochen|arbeits)tage?s?$/i, days: 'Mo-Fr' },
  { called: /^week[ _-]?ends?$|^wochenenden?$|^am wochenende$/i, days: 'Sa-Su' },
  { called: /^(every[ _-]?day|daily|always|(all|the)?[ _-]?week|all([ _-]?days)?|each[ _-]?day)$|^(täglich|immer|die ganze woche|woche|jeden tag|alle tage)$/i, days: 'Mo-Su' },
]

/** What is written for `weekdays`, `Wochenende`, `daily`: `Mo-Fr`, `Sa-Su`, `Mo-Su`. Undefined for other names. */
export const daysTogether = (name: string): string | undefined => names.find(({ called }) => called.test(name.trim()))?.days
