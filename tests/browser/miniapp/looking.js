// What a test asks about the looks of a page: what has the focus, where Tab stops, which texts are too faint to be read.

window.looking = (() => {
  function focused() {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    const seen = element.matches('.unseen') ? element.nextElementSibling : element.closest('.option') ?? element;
    const style = getComputedStyle(seen);
    const box = seen.getBoundingClientRect();
    const labels = [...(element.labels ?? [])].map((label) => label.textContent).join(' ');
    return {
      key: element.id || element.textContent,
      name: (element.getAttribute('aria-label') ?? (labels || element.textContent || element.alt || '')).trim(),
      visible: (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow.includes('2px'),
      large: box.height >= 40 && box.width >= 40,
    };
  }

  /** How many stops Tab has to make; the radio buttons of one group are one. */
  function stops() {
    const elements = [...document.querySelectorAll('button, input, textarea, a[href], summary')];
    const shown = elements.filter((element) => element.checkVisibility() && !element.disabled);
    return new Set(shown.map((element) => (element.type === 'radio' ? element.name : element.id || element.textContent))).size;
  }

  /** Texts whose contrast is below what WCAG asks (AA). */
  function faint() {
    const found = [];
    const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      const text = walker.currentNode.textContent.trim();
      if (!text || !element.checkVisibility() || element.closest('.unseen')) continue;
      const style = getComputedStyle(element);
      const size = parseFloat(style.fontSize);
      const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      const [high, low] = [luminance(numbers(style.color)), luminance(ground(element))].sort((a, b) => b - a);
      const ratio = (high + 0.05) / (low + 0.05);
      if (ratio < (isLarge ? 3 : 4.5) - 0.02) found.push([text, ratio.toFixed(2), style.color]);
    }
    return found;
  }

  function numbers(colour) {
    const [red, green, blue, alpha = 1] = colour.match(/[\d.]+/g).map(Number);
    return colour.startsWith('color(srgb') ? [red * 255, green * 255, blue * 255, alpha] : [red, green, blue, alpha];
  }

  function ground(element) {
    for (let at = element; at; at = at.parentElement) {
      const colour = numbers(getComputedStyle(at).backgroundColor);
      if (colour[3] > 0.99) return colour;
    }
    return [255, 255, 255, 1];
  }

  function luminance(colour) {
    const [red, green, blue] = colour.map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }

  return { focused, stops, faint };
})();
