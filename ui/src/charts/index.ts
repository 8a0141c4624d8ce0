export { type CoverageCell, type CoverageChart, coverageChart } from './coverage.ts'
export { type DayChart, type DayCount, dayChart } from './days.ts'
export { type Point, type RateChart, type RateRow, rateChart } from './rates.ts'
export { type ChartText, type ChartWidth, chartWidths } from './svg.ts'
