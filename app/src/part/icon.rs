//! Small line drawings of our own: 24 by 24, one stroke, the colour of the text beside them.

use leptos::prelude::*;

/// What is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// The menu's button.
    Lines,
    /// Closes.
    Cross,
    /// Searches.
    Glass,
    /// Children.
    Cradle,
    /// School.
    Book,
    /// Work.
    Case,
    /// Marriage.
    Rings,
    /// Where one lives.
    House,
    /// Land and building.
    Map,
    /// Health and insurance.
    Heart,
    /// Papers and records.
    Paper,
    /// Old age and farewell.
    Leaf,
    /// Vehicles.
    Wheel,
    /// A business begins.
    Shop,
    /// Money.
    Coins,
    /// People at work.
    People,
    /// The telephone that confirms.
    Phone,
    /// The signature.
    Pen,
    /// Sent.
    Plane,
}

impl Shape {
    /// The path.
    const fn path(self) -> &'static str {
        match self {
            Self::Lines => "M4 7h16M4 12h16M4 17h16",
            Self::Cross => "M6 6l12 12M18 6L6 18",
            Self::Glass => "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5L20 20",
            Self::Cradle => {
                "M12 13V4a8 8 0 0 1 8 8c0 4-3 6-7 6h-2c-4 0-6-2-6.5-5zM4.5 13H20M3 9l1.5 4M8 21.5a1 1 0 1 0 0-2 1 1 0 0 0 0 2zM16 21.5a1 1 0 1 0 0-2 1 1 0 0 0 0 2z"
            }
            Self::Book => {
                "M12 6.5C10 5 7 4.5 3.5 5v13.5C7 18 10 18.5 12 20c2-1.5 5-2 8.5-1.5V5C17 4.5 14 5 12 6.5zM12 6.5V20"
            }
            Self::Case => "M4 8h16v11H4zM9 8V5.5h6V8M4 13h16M12 12v2",
            Self::Rings => {
                "M9 10a5 5 0 1 0 0 10 5 5 0 0 0 0-10zM15 10a5 5 0 1 0 0 10 5 5 0 0 0 0-10zM7.5 3.5h3L9 6z"
            }
            Self::House => "M3.5 11.5L12 4l8.5 7.5M6 9.5V20h12V9.5M10 20v-5.5h4V20",
            Self::Map => "M4 6l5-2 6 2 5-2v14l-5 2-6-2-5 2zM9 4v14M15 6v14",
            Self::Heart => {
                "M12 20C7 16.5 3.5 13 3.5 9A4.5 4.5 0 0 1 12 7a4.5 4.5 0 0 1 8.5 2c0 4-3.5 7.5-8.5 11zM6.5 12h3l1.5-3 2 5 1.5-2h3"
            }
            Self::Paper => "M6 3.5h8.5L18 7v13.5H6zM14 3.5V7.5h4M9 12h6M9 16h6",
            Self::Leaf => {
                "M5 19C4 9 9 4.5 19.5 4.5 20 15 15 20 7.5 17M4.5 20.5C7 15 10 12 14.5 9.5"
            }
            Self::Wheel => "M4 16v-4l2-5h12l2 5v4zM4 12h16M6 16v2.5M18 16v2.5M7.5 14h1M15.5 14h1",
            Self::Shop => {
                "M4 9.5L5.5 4h13L20 9.5c0 3-5 3-5.3 0-.3 3-5.100 3-5.400 0-.3 3-5.3 3-5.3 0zM5.5 12v8h13v-8M10 20v-4.5h4V20"
            }
            Self::Coins => {
                "M9 9c3 0 5.5-1 5.5-2.5S12 4 9 4 3.5 5 3.5 6.5 6 9 9 9zM3.5 6.5v5C3.5 13 6 14 9 14M14.5 6.5V9M15 15c3 0 5.5-1 5.5-2.5S18 10 15 10s-5.5 1-5.5 2.5S12 15 15 15zM9.5 12.5v5C9.5 19 12 20 15 20s5.5-1 5.5-2.5v-5"
            }
            Self::People => {
                "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM3 20c0-4 2.5-6 6-6s6 2 6 6M16 4.5a3.3 3.3 0 0 1 0 6.2M17.5 14.2c2.3.7 3.5 2.600 3.5 5.800"
            }
            Self::Phone => "M7 3h10v18H7zM11 18.2h2M7 6h10M7 16h10",
            Self::Pen => "M4 16.5L15.5 5l3.5 3.5L7.5 20H4zM13 7.5l3.5 3.5M12 20.5h8",
            Self::Plane => "M4 11.5L20.5 4 15 20.5l-3.5-7zM11.5 13.5L20.5 4",
        }
    }
}

/// One drawing; it says nothing that the words beside it do not say.
#[component]
pub fn Icon(shape: Shape) -> impl IntoView {
    view! { <svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=shape.path()/></svg> }
}
