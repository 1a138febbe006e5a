import { languages, packFor } from '../../engine/saying/index.ts'
import { conforms } from './conformance.ts'
import { fr } from './french.ts'

describe('what every language must do', () => {
  for (const pack of [...languages.map((tag) => packFor(tag)!), fr]) {
    describe(pack.name, () => conforms(pack))
  }
})
