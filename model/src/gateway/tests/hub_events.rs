//! What the event hub carries (docs/spec/gateway.md sections 9.1, 9.2 and 14.3): every type of event, and
//! many of one instant.

use super::fixture::{Fixture, id};
use crate::gateway::hub::{Announcement, Cursor};
use crate::gateway::tables::{Action, EntityType};

#[test]
fn every_type_arrives_as_it_was_told_with_empty_data() {
    let fixture = Fixture::new();
    let (mut channel, mut cursor) = (fixture.subscribe(), Cursor::default());
    let types = [
        EntityType::Api,
        EntityType::LlmProvider,
        EntityType::LlmProxy,
        EntityType::McpProxy,
        EntityType::LlmTemplate,
        EntityType::Subscription,
        EntityType::SubscriptionPlan,
        EntityType::Application,
        EntityType::Certificate,
    ];
    let mut told = Vec::new();
    for entity in types {
        for action in [Action::Create, Action::Update, Action::Delete] {
            // Events of one instant come in the order of their identifiers.
            let event_id = format!("e{:02}", told.len());
            let announcement = Announcement::of(entity, action, id(1), event_id);
            fixture.world.run(fixture.replica.hub.publish(&fixture.cx, announcement)).expect("published");
            told.push((entity, action, id(1).to_string(), "{}".to_owned()));
        }
    }
    fixture.poll(&mut cursor);
    let heard: Vec<_> = std::iter::from_fn(|| channel.try_recv().ok())
        .filter_map(|delivered| delivered.event)
        .map(|e| (e.entity_type, e.action, e.entity_id.clone(), e.event_data.clone()))
        .collect();
    assert_eq!(heard, told);
}

#[test]
fn many_of_one_instant_are_delivered_once_each_and_in_order() {
    let fixture = Fixture::new();
    let (mut channel, mut cursor) = (fixture.subscribe(), Cursor::default());
    let ids: Vec<String> = (0..100).map(|n| format!("e{n:03}")).collect();
    // Written backwards: the order is that of the identifiers.
    ids.iter().rev().for_each(|event_id| fixture.event(event_id, 0));
    fixture.poll(&mut cursor);
    let heard: Vec<_> = std::iter::from_fn(|| channel.try_recv().ok())
        .filter_map(|d| d.event)
        .map(|event| event.event_id.clone())
        .collect();
    assert_eq!(heard, ids);
}
