// Texts of the shell, the records and the parts that every screen uses.

import { catalog } from './catalog'

export const coreText = catalog({ en: () => import('./core.en'), de: () => import('./core.de') })
