// Texts of leads.

import { catalog } from '../text/catalog'

export const leadText = catalog({ en: () => import('./messages.en'), de: () => import('./messages.de') })
