// Texts of tasks.

import { catalog } from '../text/catalog'

export const taskText = catalog({ en: () => import('./messages.en'), de: () => import('./messages.de') })
