// Texts of signing in.

import { catalog } from '../text/catalog'

export const signInText = catalog({ en: () => import('./messages.en'), de: () => import('./messages.de') })
