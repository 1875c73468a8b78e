// Draws each chart whose specification stands in the page. Expressions are interpreted (ast), so
// that the page needs no eval and its policy can forbid it; colours follow the page's style.
(function () {
  'use strict';
  const quiet = {
    domain: false,
    gridColor: 'currentColor',
    gridOpacity: 0.12,
    labelColor: 'currentColor',
    labelOpacity: 0.75,
    tickColor: 'currentColor',
    tickOpacity: 0.3,
    titleColor: 'currentColor',
    titleFontWeight: 'normal',
    titleOpacity: 0.6,
    labelLimit: 200,
  };
  const config = {
    background: null,
    font: getComputedStyle(document.body).fontFamily,
    view: { stroke: null },
    axis: quiet,
    axisY: { labelFontSize: 11 },
    header: { labelColor: 'currentColor', labelFontSize: 11, labelLimit: 200 },
    legend: { labelColor: 'currentColor', titleColor: 'currentColor' },
  };
  const options = {
    mode: 'vega-lite',
    renderer: 'svg',
    ast: true,
    config,
    actions: { export: true, source: false, compiled: false, editor: false },
  };
  const drawn = Array.from(document.querySelectorAll('script.spec'), function (holder) {
    const target = document.getElementById(holder.dataset.chart);
    return vegaEmbed(target, JSON.parse(holder.textContent), options).catch(function (reason) {
      target.textContent = 'This chart could not be drawn: ' + reason.message;
      throw reason;
    });
  });
  Promise.all(drawn).then(function () { document.body.dataset.charts = drawn.length; });
})();
