// Texts of deals.

import { catalog } from '../text/catalog'

export const dealText = catalog({ en: () => import('./messages.en'), de: () => import('./messages.de') })
