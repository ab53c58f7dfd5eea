// Pickers and popovers, loaded when the first screen is there: nothing of them is needed before a person acts.

import { type ComponentProps, lazy, type ReactNode, Suspense } from 'react'

import { Opening } from './opening'
import type * as View from './picker-view'

export type Choice = { id: string; label: string; icon?: ReactNode; hint?: string }

const load = () => import('./picker-view')
const LazyPicker = lazy(async () => ({ default: (await load()).Picker }))
const LazyChoices = lazy(async () => ({ default: (await load()).Choices }))
const LazyFloating = lazy(async () => ({ default: (await load()).Floating }))

/** Loads them before they are asked for. */
export const preloadPicker = (): void => void load()

export const Picker = (props: ComponentProps<typeof View.Picker>) => (
  <Suspense fallback={<Opening />}>
    <LazyPicker {...props} />
  </Suspense>
)

export const Choices = (props: ComponentProps<typeof View.Choices>) => (
  <Suspense fallback={<Opening />}>
    <LazyChoices {...props} />
  </Suspense>
)

export const Floating = (props: ComponentProps<typeof View.Floating>) => (
  <Suspense fallback={<Opening />}>
    <LazyFloating {...props} />
  </Suspense>
)
