//! How the picture looks, by day and by night.

/// The style sheet. Lines differ in their form, not in their colour alone.
pub(super) const CSS: &str = "
text { font-family: system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; font-size: 13px; fill: #1f2328 }
.title { font-size: 18px; font-weight: 600 }
.soft, .mark { fill: #59636e }
.mark { font-size: 12px }
.head { font-size: 12px; fill: #59636e }
.cell, .head { font-variant-numeric: tabular-nums }
.end { text-anchor: end }
.middle { text-anchor: middle }
.paper { fill: #ffffff }
.grid, .rule { stroke: #d1d9e0; stroke-width: 1 }
.axis, .zero { stroke: #59636e; stroke-width: 1.2 }
.curve { fill: none; stroke: #0969da; stroke-width: 2; stroke-linejoin: round }
.area { fill: #0969da; fill-opacity: 0.12 }
.over { fill: #cf222e; fill-opacity: 0.16 }
.even { stroke: #59636e; stroke-width: 1.5; stroke-dasharray: 7 5 }
.ahead { stroke: #0969da; stroke-width: 2; stroke-dasharray: 1 5; stroke-linecap: round }
.burns { fill: #cf222e; stroke: #ffffff; stroke-width: 1.2 }
@media (prefers-color-scheme: dark) {
text { fill: #f0f6fc }
.soft, .mark, .head { fill: #9198a1 }
.paper { fill: #0d1117 }
.grid, .rule { stroke: #3d444d }
.axis, .zero, .even { stroke: #9198a1 }
.curve, .ahead { stroke: #4493f8 }
.area { fill: #4493f8 }
.over, .burns { fill: #f85149 }
.burns { stroke: #0d1117 }
}
";
