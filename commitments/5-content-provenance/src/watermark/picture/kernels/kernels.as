// The inner loops of the picture mark in AssemblyScript with SIMD. They own no memory: callers give addresses, and leave
// 64 bytes free behind every array. compile.ts makes kernels.wasm of it.

export { change } from './change'
export { fold } from './fold'
export { transform } from './fourier'
export { addPower, sharpness, squares, whiten } from './lags'
export { energy } from './energy'
export { texture } from './mask'
export { mix } from './mix'
export { residual } from './residual'
