// Texts of API keys.

import { catalog } from '../text/catalog'

export const apiKeyText = catalog({ en: () => import('./messages.en'), de: () => import('./messages.de') })
