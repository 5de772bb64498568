// The server serves uPlot's own ES module under this name: no bundler, no import map.
export { default } from "uplot";
