// What the kernel tells a panel that stands there comes by a model without a script (mondaylab.judging.told): anywidget
// drops what it tells the panel's own model once the panel's script has taken more than two seconds to load.

/** The model on which a panel listens; what a panel sends goes by its own. */
const toldTo = (model) => model.widget_manager.get_model(model.get("told").replace("IPY_MODEL_", ""));
