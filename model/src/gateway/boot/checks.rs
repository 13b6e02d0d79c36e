//! What the operator chose must make sense, or the process doesn't start (docs/spec/gateway.md section 2).

use super::Exit;
use crate::cx::{At, Cx};
use crate::settings::GatewaySettings;

/// Step 1: reads the configuration.
pub(super) async fn load_config(cx: &Cx, settings: &GatewaySettings) -> Result<(), Exit> {
    const STEP: &str = "boot.load-config";
    cx.cross(At::site(STEP), |_, _| ()).await.map_err(Exit::at(STEP))?;
    let why = if settings.reconnect_initial.is_zero() {
        "reconnect_initial must be positive"
    } else if settings.reconnect_max.is_zero() {
        "reconnect_max must be positive"
    } else if settings.sync_batch_size == 0 {
        "sync_batch_size must be positive"
    } else if settings.reconnect_initial > settings.reconnect_max {
        "reconnect_initial must not be more than reconnect_max"
    } else {
        return Ok(());
    };
    Err(Exit { step: STEP, why: why.to_owned() })
}
