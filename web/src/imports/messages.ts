// Texts of imports.

import { catalog } from '../text/catalog'

export const importText = catalog({ en: () => import('./messages.en'), de: () => import('./messages.de') })
