// Texts of accounts.

import { catalog } from '../text/catalog'

export const accountText = catalog({ en: () => import('./messages.en'), de: () => import('./messages.de') })
