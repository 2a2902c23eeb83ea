//! How the picture looks, by day and by night.

/// The style sheet. Ties differ in their line, and decisions in the word that they show, not in colour alone.
pub(super) const CSS: &str = "
text { font-family: system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; font-size: 13px; fill: #1f2328 }
.title { font-size: 18px; font-weight: 600 }
.soft { fill: #59636e }
.meta { font-size: 12px; fill: #59636e }
.meta .no { font-weight: 600; fill: #1f2328 }
.end { text-anchor: end }
.paper { fill: #ffffff }
.box { fill: #f6f8fa; stroke: #d1d9e0; stroke-width: 1 }
.open .box { fill: #ffffff; stroke-dasharray: 5 3; stroke: #8c959f }
.gone text, .gone .meta .no { fill: #6e7781 }
.tie { fill: none; stroke: #57606a; stroke-width: 1.5 }
.head { fill: #57606a }
.amends { stroke-dasharray: 7 4 }
.relates { stroke: #8c959f; stroke-dasharray: 1.5 4; stroke-linecap: round }
.rule { stroke: #d1d9e0; stroke-width: 1 }
.accepted { fill: #1a7f37 }
.proposed, .draft { fill: #0969da }
.superseded { fill: #8c959f }
.deprecated { fill: #9a6700 }
.rejected { fill: #cf222e }
.unknown { fill: #afb8c1 }
@media (prefers-color-scheme: dark) {
text, .meta .no { fill: #f0f6fc }
.soft, .meta { fill: #9198a1 }
.paper { fill: #0d1117 }
.box { fill: #161b22; stroke: #3d444d }
.open .box { fill: #0d1117; stroke: #656c76 }
.gone text, .gone .meta .no { fill: #8b949e }
.tie { stroke: #9198a1 }
.head { fill: #9198a1 }
.relates { stroke: #656c76 }
.rule { stroke: #3d444d }
.accepted { fill: #3fb950 }
.proposed, .draft { fill: #4493f8 }
.superseded { fill: #656c76 }
.deprecated { fill: #d29922 }
.rejected { fill: #f85149 }
.unknown { fill: #3d444d }
}
";
