// The vendored Leaflet is a classic script; every module gets it from here.
const { L } = globalThis;
L.Control.Attribution.prototype.options.prefix = "Leaflet";
export default L;
