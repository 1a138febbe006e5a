import { languages, packFor } from '../../engine/saying/index.ts'
import { conforms } from './conformance.ts'

describe('what every language must do', () => {
  for (const pack of languages.map((tag) => packFor(tag)!)) {
    describe(pack.name, () => conforms(pack))
  }
})
